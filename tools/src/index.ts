export { fetchMoonshine, type MoonshineFolders } from './moonshine/fetch-moonshine.js';
