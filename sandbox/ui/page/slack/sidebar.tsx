import type { Snapshot } from '../../snapshot.ts';
import { AppIcon } from './app-icon.tsx';

export function Sidebar({ snapshot, place }: { snapshot: Snapshot; place: string }) {
  const { team, channels, app, isInstalled } = snapshot;
  return (
    <nav className="sidebar" aria-label={team.name}>
      <h1>{team.name}</h1>
      <h2>Channels</h2>
      <ul>
        {channels.map(({ id, name, isPrivate, unread }) => (
          <li key={id}>
            <a
              href={`#${name}`}
              aria-current={place === name ? 'page' : undefined}
              data-unread={unread > 0 || undefined}
            >
              <span className="sign" aria-hidden="true">
                {isPrivate ? '🔒' : '#'}
              </span>
              <span className="name">{name}</span>
              {unread > 0 && (
                <span className="count">
                  <span aria-hidden="true">{unread}</span>
                  <span className="unseen">{unread} unread</span>
                </span>
              )}
            </a>
          </li>
        ))}
      </ul>
      <h2>Apps</h2>
      {isInstalled ? (
        <ul>
          <li>
            <a href="#home" aria-current={place === 'home' ? 'page' : undefined}>
              <AppIcon />
              <span className="name">{app}</span>
            </a>
          </li>
        </ul>
      ) : (
        <p>None yet. Connect Slack on the board at the right.</p>
      )}
    </nav>
  );
}
