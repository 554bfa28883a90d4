import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { completeUrl } from './use-page-state.ts';
import './styles/colours.css';
import './styles/layout.css';
import './styles/message.css';
import './styles/elements.css';
import './styles/fields.css';
import './styles/modal.css';
import './styles/board.css';

await completeUrl();
const root = document.getElementById('root');
if (root !== null) createRoot(root).render(<App />);
