/** Sends requests, 50 at once. @returns the number of each status, and the headers of the last 429 */
export async function flood(times: number, askOnce: () => Promise<Response>) {
  const statuses: Record<number, number> = {};
  let last: Response | undefined;
  for (let done = 0; done < times; done += 50) {
    const answers = await Promise.all(Array.from({ length: Math.min(50, times - done) }, askOnce));
    for (const answer of answers) {
      await answer.arrayBuffer();
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
      if (answer.status === 429) last = answer;
    }
  }
  return { statuses, headers: last?.headers };
}
