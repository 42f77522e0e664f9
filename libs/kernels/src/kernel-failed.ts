import { JokboError } from '@jokbo/contracts';

/** A kernel thread died, ran out of memory or was closed while it was needed: the backend is unusable from then on. */
export class KernelFailed extends JokboError {}
