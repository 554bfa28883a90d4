import { check, type Fixture, has, people, type Step, type StepGroup } from './fixture.ts';

/** Pause and Resume of a channel. */
export function createPausing({ dana, hold, press, click, channel, change }: Fixture): StepGroup {
  return {
    kinds: {
      'ask to pause': () => click('pause', 'channel_pause'),
      async pause() {
        await press('pause', 'channel_pause', 'How long');
        return hold(() => dana.submit({ pause: 'until_resumed' }));
      },
      async resume() {
        await change('pause', { pausedUntil: 'until_resumed' });
        await dana.open('Resume');
        const requests = await click('pause', 'channel_resume');
        await change('pause', { pausedUntil: null });
        await dana.open();
        return requests;
      },
    },
    async findFaults(steps) {
      const allowed = !has(steps, 'pause')
        ? [null]
        : has(steps, 'resume')
          ? ['until_resumed', null]
          : ['until_resumed'];
      return check('pausedUntil', (await channel('pause'))?.pausedUntil, allowed);
    },
  };
}

/** Who can manage a channel, and its test alert. */
export function createManagers({ running, dana, hold, press, click, channel, audited }: Fixture): StepGroup {
  const openForm = () => press('managers', 'channel_menu', 'Managers can change the rules', 'managers');
  const managersOf = ({ variant }: Step) => (variant % 2 === 0 ? [people.dana] : [people.dana, people.milo]);
  const externalOf = ({ variant }: Step) => variant >= 2;
  const testAlerts = () =>
    running.slack
      .messages('#managers')
      .filter(({ payload }) => JSON.stringify(payload).includes('(test alert)')).length;
  let testAlertsBefore = 0;

  return {
    async setup() {
      testAlertsBefore = testAlerts();
    },
    kinds: {
      async 'choose who manages'() {
        await openForm();
        const blockId = dana.field('kind');
        return hold(() => dana.use('managers_field', { blockId, choice: 'everyone' }));
      },
      async 'save managers'(step) {
        await openForm();
        return hold(() =>
          dana.submit({
            [dana.field('people')]: managersOf(step),
            [dana.field('external')]: externalOf(step) ? ['acknowledge'] : [],
          }),
        );
      },
      'test alert': () => click('managers', 'channel_menu', 'test_alert'),
    },
    async findFaults(steps) {
      const saves = steps.filter(({ kind }) => kind === 'save managers');
      const now = await channel('managers');
      const wanted = saves.length === 0 ? [people.dana] : saves.map((step) => managersOf(step).join());
      const sent = testAlerts() - testAlertsBefore;
      const clicks = steps.filter(({ kind }) => kind === 'test alert').length;
      return [
        ...check('managers', now?.managers.join(), wanted),
        ...check(
          'externalAcknowledge',
          now?.externalAcknowledge ?? false,
          saves.length === 0 ? [false] : saves.map(externalOf),
        ),
        // A person sees one modal at a time: a click for another one may open none, and then sends none.
        ...(sent > clicks ? [`${sent} test alerts were sent for ${clicks} clicks`] : []),
        ...check('test alerts told of', await audited('managers', 'test_alert_sent'), [sent]),
      ];
    },
  };
}

/** Disconnecting a channel. */
export function createDisconnecting({ dana, hold, press, click, channel, audited }: Fixture): StepGroup {
  return {
    kinds: {
      'ask to disconnect': () => click('disconnect', 'channel_menu', 'disconnect'),
      async disconnect() {
        await press('disconnect', 'channel_menu', 'Disconnect <#', 'disconnect');
        return hold(() => dana.submit());
      },
    },
    async findFaults(steps) {
      const isOut = has(steps, 'disconnect');
      const now = await channel('disconnect');
      return [
        ...check('status', now?.status, [isOut ? 'disconnected' : 'active']),
        ...check('has a webhook', now?.webhookUrl !== undefined, [!isOut]),
        ...check('disconnections', await audited('disconnect', 'disconnected'), [isOut ? 1 : 0]),
      ];
    },
  };
}
