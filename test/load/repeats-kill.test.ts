import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { renderLines } from '../../sandbox/slack/render/render-message.ts';
import type { PerlyEvent } from '../../src/domain/event.ts';
import { type AppProcess, startAppProcess } from '../support/app-process.ts';
import { eventOf } from '../support/named-events.ts';
import { setupProcesses } from '../support/setup-processes.ts';

const rulesPath = '/perly/channels/T0ACMECS001:C0HEALTH001/rules';

/** The levels of similar events, by request. */
const requests = [['low'], ['low', 'low'], ['medium', 'low', 'low'], ['critical']] as const;

/** Number of suppressed similar alerts that each alert reports. */
const expected = [0, 2, 2];

const nameOf = (cut: number) => `Customer${cut}x`;

const fixture = setupProcesses();

/** Starts a process that dies right after a write that records events of this customer, or their consequences. */
function startDying(cut: number): Promise<AppProcess> {
  const preload = pathToFileURL(join(import.meta.dirname, '../support/die-after-write.mjs'));
  return startAppProcess({
    ...fixture.env,
    NODE_OPTIONS: `--import ${preload}`,
    DIE_OF: `evt_${nameOf(cut)}`,
    DIE_AFTER_WRITE: String(cut),
  });
}

async function isAccepted(events: readonly PerlyEvent[]): Promise<boolean> {
  try {
    return (await fixture.perly.post({ events })).status === 202;
  } catch {
    return false;
  }
}

/** An alert that was being sent when the process died may come twice. */
async function untilSent({ id }: PerlyEvent): Promise<void> {
  const outcome = async () => {
    const answer = await fixture.perly.eventStatus('acct_demo', id);
    const { channels } = (await answer.json()) as {
      channels: { delivery: { state: string } | null; reason: string | null }[];
    };
    return channels[0]?.delivery?.state ?? channels[0]?.reason;
  };
  await expect.poll(outcome).toMatch(/^(?:sent|repeated)$/);
}

function listCounts(customer: string): number[] {
  const texts = fixture.slack
    .messages('#customer-health')
    .map(({ payload }) => renderLines(payload).join('\n'));
  return texts
    .filter((text) => text.includes(customer))
    .map((text) => Number(/(\d+) similar alerts? since/.exec(text)?.[1] ?? 0));
}

test('killed after any write while similar events are recorded, each is sent or counted once', async () => {
  let running = await startDying(1);
  await fixture.slack.install(await fixture.perly.installUrl('acct_demo'), { channel: '#customer-health' });
  const api = fixture.perly.api('acct_demo');
  const rules = { ...(await api('get', rulesPath)).body, repeat_after: '1_day' };
  expect((await api('put', rulesPath, { body: rules, ifMatch: '*' })).status).toBe(200);

  /** @returns whether the process died meanwhile */
  async function postAll(cut: number): Promise<boolean> {
    let hasDied = false;
    for (const [request, levels] of requests.entries()) {
      const events = levels.map((risk_level, index) => ({
        ...eventOf(nameOf(cut)),
        id: `evt_${nameOf(cut)}_${request}_${index}`,
        risk_level,
      }));
      while (!(await isAccepted(events))) {
        expect(hasDied).toBe(false);
        hasDied = true;
        await running.kill();
        running = await startDying(cut + 1);
      }
      for (const event of events) await untilSent(event);
    }
    return hasDied;
  }

  let cut = 1;
  for (; await postAll(cut); cut++)
    expect({ cut, expected: listCounts(nameOf(cut)) }).toEqual({ cut, expected });
  expect({ cut, expected: listCounts(nameOf(cut)) }).toEqual({ cut, expected });
  // As many writes as there are, and some for counts.
  expect(cut).toBeGreaterThan(requests.length + expected.length + 4);
  await running.terminate();
});
