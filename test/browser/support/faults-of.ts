import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

/** Serious faults found by axe, in light and dark. */
export async function faultsOf(page: Page): Promise<string[]> {
  const faults: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate<AxeResults>('axe.run()');
    for (const { id, impact, nodes } of violations)
      if (impact === 'serious' || impact === 'critical')
        faults.push(...nodes.map(({ html }) => `${colorScheme}: ${id} at ${html}`));
  }
  return faults;
}
