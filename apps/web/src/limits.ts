/** Longest address, UTF-16 code units: a run, a language and two names, percent-encoded, several times over. */
export const MAX_URL_LENGTH = 2048;
/** Longest part of a path that names something; `addressOf` writes at most 324. UTF-16 code units. */
export const MAX_PARAMETER_LENGTH = 512;
/** Nothing that is served takes a body. Bytes. */
export const MAX_BODY_BYTES = 1024;
/** A whole request has to arrive within this time: slow senders hold a connection. Milliseconds. */
export const REQUEST_TIMEOUT_MS = 10_000;
/** Longest time for an answer; the largest result is read and rendered in a few seconds. Milliseconds. */
export const ANSWER_TIMEOUT_MS = 30_000;
/** Connections that say nothing are closed. Milliseconds. */
export const IDLE_TIMEOUT_MS = 60_000;
/** Longest query on the views; the documented ones take less than a second. Milliseconds. */
export const STATEMENT_TIMEOUT_MS = 10_000;
export const CONNECT_TIMEOUT_MS = 10_000;
/** `analyst_ro` may have 32 connections, of which analysts want some. */
export const MAX_CONNECTIONS = 8;
/** Requests of one client address per minute: a person reads a few, a script that mirrors everything waits. */
export const REQUESTS_PER_MINUTE = 600;
/** Client addresses of which requests are counted: some 100 bytes each. */
export const MAX_COUNTED_CLIENTS = 10_000;
/** Rows of one answer. */
export const DEFAULT_PAGE_ROWS = 50;
export const MAX_PAGE_ROWS = 200;
/** Parsed results that are kept: a fleet-sized one takes hundreds of MB. */
export const MAX_KEPT_RESULTS = 2;
/** How long a shared cache may give an answer out before it asks again, where the answer names its result. Seconds. */
export const FIXED_RESULT_AGE_S = 60;
