export { FLEET_MODELS, FLEET_PROGRAMME, POISONED_SHARD } from './fleet-programme.js';
