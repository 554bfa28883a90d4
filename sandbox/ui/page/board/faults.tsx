import { useState } from 'react';
import type { Api } from '../api.ts';
import { useReader } from '../reader.ts';

export function Faults({ api, channel }: { api: Api; channel: { id: string; name: string } | undefined }) {
  const { app } = useReader();
  const [done, setDone] = useState<string>();

  function button(label: string, action: string, body: object = {}) {
    const press = async () => {
      try {
        setDone((await api.post<{ done: string }>(action, body)).done);
      } catch (error) {
        setDone(String(error));
      }
    };
    return (
      <button type="button" className="button" onClick={() => void press()}>
        {label}
      </button>
    );
  }
  return (
    <section aria-labelledby="faults-title">
      <h2 id="faults-title">Faults and settings in Slack</h2>
      <div className="buttons">
        {channel !== undefined &&
          button(`Remove the webhook of #${channel.name}`, 'lose-webhook', { channel: channel.id })}
        {channel !== undefined &&
          button(`Archive #${channel.name}`, 'archive-channel', { channel: channel.id })}
        {channel !== undefined &&
          button(`Unarchive #${channel.name}`, 'unarchive-channel', { channel: channel.id })}
        {button('An outage', 'begin-outage')}
        {button('A proxy error page', 'block-on-the-way')}
        {button('Too many messages', 'ask-to-wait')}
        {button('Refuse Acme Corp', 'refuse-customer', { customer: 'Acme Corp' })}
        {button('A lost answer', 'lose-answer')}
        {button('End these faults', 'end-faults')}
        {button('Allow approved apps only', 'require-approval')}
        {button(`Approve ${app}`, 'approve-app')}
        {button(`Remove ${app} from the workspace`, 'remove-app')}
      </div>
      {done !== undefined && <output className="answer">{done}</output>}
    </section>
  );
}
