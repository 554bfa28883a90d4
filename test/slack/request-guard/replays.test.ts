import { expect, test } from 'vitest';
import { createReplayCheck } from '../../../src/slack/request-guard/replays.ts';

test('a request that could not be recorded is accepted when it is sent again', async () => {
  const answers = [new Error('the database is away'), true];
  const isFirst = createReplayCheck({
    async use() {
      const answer = answers.shift() ?? false;
      if (answer instanceof Error) throw answer;
      return answer === true;
    },
  });
  const headers = { timestamp: '1790000000', signature: 'v0=1f' };
  await expect(isFirst(headers)).rejects.toThrow('the database is away');
  expect([await isFirst(headers), await isFirst(headers)]).toEqual([true, false]);
});
