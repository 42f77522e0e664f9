import type { Client } from '@temporalio/client';

/** What the activities of one kind took, in seconds. */
export interface ActivityTimes {
  readonly name: string;
  readonly count: number;
  /** From the start of the audit until the first was scheduled, and until the last had ended. */
  readonly from: number;
  readonly until: number;
  /** Sums: until a worker took each, and from then until the server knew its end. */
  readonly waited: number;
  readonly ran: number;
}

/** Milliseconds since the epoch. */
interface Span {
  readonly name: string;
  readonly scheduled: number;
  readonly started: number;
  readonly ended: number;
}

/** What an audit's activities took, as its histories and those of its children tell; in the order of their start. */
export async function activityTimes(client: Client, auditId: string): Promise<ActivityTimes[]> {
  const spans: Span[] = [];
  let began = Infinity;
  for await (const { workflowId, runId, startTime } of client.workflow.list()) {
    if (workflowId !== auditId && !workflowId.startsWith(`${auditId}/`)) continue;
    began = Math.min(began, startTime.getTime());
    spans.push(...(await spansOf(client, workflowId, runId)));
  }
  return summed(spans, began);
}

/** The spans of each name added up. */
export function summed(spans: readonly Span[], began: number): ActivityTimes[] {
  const names = [...new Set(spans.map(({ name }) => name))];
  const times = names.map((name): ActivityTimes => {
    const own = spans.filter((span) => span.name === name);
    const sum = (seconds: (span: Span) => number): number =>
      own.reduce((all, span) => all + seconds(span), 0) / 1000;
    return {
      ...{ name, count: own.length },
      from: (Math.min(...own.map(({ scheduled }) => scheduled)) - began) / 1000,
      until: (Math.max(...own.map(({ ended }) => ended)) - began) / 1000,
      waited: sum(({ scheduled, started }) => started - scheduled),
      ran: sum(({ started, ended }) => ended - started),
    };
  });
  return times.sort((a, b) => a.from - b.from || a.until - b.until);
}

async function spansOf(client: Client, workflowId: string, runId: string): Promise<Span[]> {
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  const scheduled = new Map<number, { readonly name: string; readonly at: number }>();
  const started = new Map<number, number>();
  const spans: Span[] = [];
  for (const event of events ?? []) {
    const at = milliseconds(event.eventTime);
    const { activityTaskScheduledEventAttributes: asked, activityTaskStartedEventAttributes: begun } = event;
    const done = event.activityTaskCompletedEventAttributes;
    if (asked) scheduled.set(Number(event.eventId), { name: asked.activityType?.name ?? '', at });
    else if (begun) started.set(Number(begun.scheduledEventId), at);
    else if (done) {
      const id = Number(done.scheduledEventId);
      const call = scheduled.get(id);
      if (call === undefined) continue;
      spans.push({ name: call.name, scheduled: call.at, started: started.get(id) ?? call.at, ended: at });
    }
  }
  return spans;
}

function milliseconds(time: { seconds?: unknown; nanos?: number | null } | null | undefined): number {
  return Number(time?.seconds ?? 0) * 1000 + (time?.nanos ?? 0) / 1e6;
}
