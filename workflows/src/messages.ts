import { FLEET_MESSAGES, type FleetPriority, type FleetProgress } from '@jokbo/contracts';
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';

/** How far an audit, or one of its windows, is. */
export const progressQuery = defineQuery<FleetProgress>(FLEET_MESSAGES.progress);

/** Starts no further activity until it is resumed; those that run end. */
export const pauseUpdate = defineUpdate(FLEET_MESSAGES.pause);
export const resumeUpdate = defineUpdate(FLEET_MESSAGES.resume);

/** How urgent the activities are that it starts from now on. */
export const prioritiseUpdate = defineUpdate<unknown, [FleetPriority]>(FLEET_MESSAGES.prioritise);

/** The same from an audit to its windows. */
export const pauseSignal = defineSignal(FLEET_MESSAGES.pause);
export const resumeSignal = defineSignal(FLEET_MESSAGES.resume);
export const prioritiseSignal = defineSignal<[FleetPriority]>(FLEET_MESSAGES.prioritise);
