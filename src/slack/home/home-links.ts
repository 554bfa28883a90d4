import type { SlackLinks } from '../install/slack-links.ts';

/** Where buttons of Home lead, made for one viewer. */
export type HomeLinks = Pick<SlackLinks, 'addChannel' | 'move' | 'reconnect' | 'linkAccount'>;
