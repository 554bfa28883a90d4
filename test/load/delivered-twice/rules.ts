import { expect } from 'vitest';
import { check, type Fixture, type Step, type StepGroup } from './fixture.ts';
import { saveOwners } from './people.ts';

const thresholds = ['medium', 'high', 'critical'] as const;
const thresholdOf = ({ variant }: Step) => thresholds[variant % thresholds.length] ?? 'medium';

/** The modal of a channel's rules. */
export function createRules(fixture: Fixture): StepGroup {
  const { running, dana, hold, press, click, channel, change, audited } = fixture;
  const { slack } = running;
  const open = () => press('rules', 'channel_edit_rules', 'In short');
  const openHours = async () => {
    await open();
    await dana.choose('timing', 'digest', 'Still missing');
  };
  const openMore = async () => {
    await openHours();
    await dana.use('rules_more');
    await expect.poll(() => dana.modalText()).toContain('Public holidays');
  };
  const openRare = async () => {
    await saveOwners(fixture, 1);
    await open();
    await dana.use('rules_rare');
    await expect.poll(() => dana.modalText()).toContain('Mention the owner');
  };
  const owners = { field: 'owners', actionId: 'rules_owners', query: '' };
  const zones = { field: 'timeZone', actionId: 'rules_time_zone', query: 'berlin' };
  const calendars = { field: 'calendar', actionId: 'rules_holidays', query: 'bayern' };
  type List = typeof zones;
  const at = ({ field, actionId }: List) => ({
    user: 'dana',
    on: 'modal',
    actionId,
    blockId: dana.field(field),
  });
  const look = (list: List) => slack.suggest({ ...at(list), query: list.query });
  async function choose(list: List) {
    const { options } = await look(list);
    return hold(() => slack.click({ ...at(list), choice: String(options.at(-1)?.value) }));
  }

  return {
    kinds: {
      'edit rules': () => click('rules', 'channel_edit_rules'),
      async 'change a rule'(step) {
        await open();
        const blockId = dana.field('riskThreshold');
        return hold(() => dana.use('rules_field', { blockId, choice: thresholdOf(step) }));
      },
      async 'look for a time zone'() {
        await openHours();
        return hold(() => look(zones));
      },
      async 'choose a time zone'() {
        await openHours();
        return choose(zones);
      },
      async 'show more rules'() {
        await openHours();
        return hold(() => dana.use('rules_more'));
      },
      async 'show rare rules'() {
        await open();
        return hold(() => dana.use('rules_rare'));
      },
      async 'show fewer rules'() {
        await openRare();
        return hold(() => dana.use('rules_hours'));
      },
      async 'look for owners'() {
        await openRare();
        return hold(() => look(owners));
      },
      async 'choose owners'() {
        await openRare();
        const { options } = await look(owners);
        return hold(() => slack.click({ ...at(owners), choice: [String(options.at(-1)?.value)] }));
      },
      async 'look for public holidays'() {
        await openMore();
        return hold(() => look(calendars));
      },
      async 'choose public holidays'() {
        await openMore();
        return choose(calendars);
      },
      async 'use a preset'() {
        await open();
        return hold(() => dana.use('rules_preset_escalations'));
      },
      async 'use their rules'() {
        const before = await channel('rules');
        await open();
        await change('rules', {
          version: before?.version + 1,
          rules: { ...before?.rules, riskThreshold: 'critical' },
        });
        await dana.submit({ [dana.field('riskThreshold')]: 'high' });
        await expect
          .poll(() => dana.modalText())
          .toContain('changed these rules while you were editing them');
        const requests = await hold(() => dana.use('rules_use_theirs'));
        await change('rules', { version: before?.version, rules: before?.rules });
        return requests;
      },
      async 'save rules'(step) {
        await open();
        return hold(() => dana.submit({ [dana.field('riskThreshold')]: thresholdOf(step) }));
      },
    },
    async findFaults(steps) {
      const saved = steps.filter(({ kind }) => kind === 'save rules').map(thresholdOf);
      const rules = (await channel('rules'))?.rules;
      return [
        ...check('the risk threshold', rules?.riskThreshold, saved.length === 0 ? ['low'] : saved),
        // The second person is asked whether to overwrite the first one's rules.
        ...check('changes of the rules', await audited('rules', 'rules_changed'), [
          Math.min(1, saved.length),
        ]),
      ];
    },
  };
}
