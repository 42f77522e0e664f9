/** What an error is about; whatever is known is filled in. */
export interface ErrorContext {
  /** URI of the file or object. */
  readonly object?: string;
  /** Name of the tensor, as stored. */
  readonly tensor?: string;
  /** The offending value, as text. */
  readonly value?: string | number;
  readonly cause?: unknown;
}

/** Root of every error that Jokbo raises on purpose. */
export abstract class JokboError extends Error {
  readonly object: string | undefined;
  readonly tensor: string | undefined;
  readonly value: string | number | undefined;

  constructor(message: string, context: ErrorContext = {}) {
    const parts = [
      context.object === undefined ? '' : `object ${context.object}`,
      context.tensor === undefined ? '' : `tensor ${JSON.stringify(context.tensor)}`,
      context.value === undefined ? '' : `value ${JSON.stringify(context.value).slice(0, 200)}`,
    ].filter((part) => part !== '');
    super(parts.length === 0 ? message : `${message} (${parts.join(', ')})`, { cause: context.cause });
    this.name = new.target.name;
    this.object = context.object;
    this.tensor = context.tensor;
    this.value = context.value;
  }
}

/** The command, the programme file or an argument is wrong: exit code 2. */
export class UsageError extends JokboError {}

/** A checkpoint breaks its format or contradicts itself: permanent. */
export class MalformedCheckpoint extends JokboError {
  /** Which rule it breaks, e.g. `duplicate-key`; stable, for tests and reports. */
  readonly rule: string;
  constructor(rule: string, message: string, context: ErrorContext = {}) {
    super(message, context);
    this.rule = rule;
  }
}

/** Less than half of the parameters could be mapped to roles. */
export class UnsupportedArchitecture extends JokboError {}

/** An element type or quantisation whose values cannot be decoded exactly. */
export class UnsupportedDtype extends JokboError {}

/** The object is no longer the version that was planned. */
export class ObjectChanged extends JokboError {}

/** There is no such object, folder or bucket. */
export class ObjectMissing extends JokboError {}

/** Credentials are absent, wrong or expired. */
export class AccessDenied extends JokboError {}

/** Storage did not answer, or answered wrongly, after retries. */
export class StorageUnavailable extends JokboError {}

/** The disk or bucket refuses further bytes. */
export class StorageFull extends JokboError {}

/** The result database cannot be reached or refuses the schema. */
export class DatabaseUnavailable extends JokboError {}

/** The fleet cannot be reached, has no such audit, or gave one up. */
export class FleetUnavailable extends JokboError {}

/** A control gave what it must not give, or was due and is missing. */
export class ControlFailed extends JokboError {}

/** A stored artefact does not have the content that its address says. */
export class DigestMismatch extends JokboError {}

/** Nobody measures in the numeric class that is asked for. */
export class ClassUnavailable extends JokboError {}

/** Several parts of an audit failed; the message names them. */
export class AuditIncomplete extends JokboError {}
