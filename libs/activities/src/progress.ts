export { SILENT, type Progress, type Stage } from '@jokbo/contracts';
