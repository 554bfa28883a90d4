import { expect, test } from 'vitest';
import { createRunLog } from './run-log.ts';
import { timelineOf } from './timeline.ts';

test('a timeline shows what happened around a problem in its channel, and counts repetitions', () => {
  const runLog = createRunLog(['C1', 'C2']);
  runLog.note('the database is cut off');
  runLog.note('Slack {"status":500} for 1 of C2', ['C2']);
  for (let time = 0; time < 3; time++)
    runLog.line(0, '{"level":"error","msg":"The database is away","err":{"message":"reset"}}');
  runLog.line(1, '{"level":"info","msg":"alerts sent","channelId":"T1:C1","alerts":2}');
  runLog.line(1, '{"level":"info","msg":"alerts sent","channelId":"T1:C2","alerts":2}');
  runLog.line(1, '{"level":"info","msg":"cut short by a ki');

  const at = runLog.now();
  const lines = timelineOf({ from: at, to: at, channelId: 'C1', eventIds: [] }, runLog);
  expect(lines.map((line) => line.replace(/^ *[\d.]+ s {2}/, ''))).toEqual([
    'the database is cut off',
    'process 0: error The database is away, error reset (3 times)',
    'process 1: info alerts sent, alerts 2',
    'process 1: {"level":"info","msg":"cut short by a ki',
  ]);
});
