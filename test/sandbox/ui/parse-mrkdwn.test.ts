import { describe, expect, test } from 'vitest';
import { type MrkdwnNode, parseMrkdwn } from '../../../sandbox/ui/page/text/parse-mrkdwn.ts';

/** A short form of nodes: `bold(text)`. */
function short(nodes: readonly MrkdwnNode[]): string {
  return nodes.map(shortNode).join('');
}

function shortNode(node: MrkdwnNode): string {
  switch (node.type) {
    case 'text':
      return node.text;
    case 'break':
      return '⏎';
    case 'code':
    case 'pre':
      return `${node.type}(${node.text})`;
    case 'link':
      return `link(${node.url} ${short(node.children)})`;
    case 'user':
    case 'channel':
      return `${node.type}(${node.id})`;
    case 'broadcast':
      return `broadcast(${node.range})`;
    case 'emoji':
      return `emoji(${node.name})`;
    case 'date':
      return `date(${node.timestamp} ${node.format} ${node.fallback} ${node.url ?? '-'})`;
    default:
      return `${node.type}(${short(node.children)})`;
  }
}

describe('mrkdwn is parsed as Slack parses it', () => {
  test.each([
    ['a *bold* word', 'a bold(bold) word'],
    ['_italic_, ~gone~', 'italic(italic), strike(gone)'],
    ['*bold and _italic_*', 'bold(bold and italic(italic))'],
    ['(*edge*)', '(bold(edge))'],
    ['2*3*4', '2*3*4'],
    ['snake_case_name', 'snake_case_name'],
    ['* not bold *', '* not bold *'],
    ['*over\nlines*', '*over⏎lines*'],
    ['**', '**'],
    ['`a *b* c`', 'code(a *b* c)'],
    ['```\nx = 1\n*y*\n``` z', 'pre(x = 1\n*y*) z'],
    ['&gt; one\n&gt; two\nthree', 'quote(one⏎two)three'],
    ['one\n&gt;two', 'onequote(two)'],
    ['a\n\nb', 'a⏎⏎b'],
    ['R&amp;D &lt;!here&gt;', 'R&D <!here>'],
    ['&amp;amp;', '&amp;'],
    ['<https://a.example/?x=1&amp;y=2|*A* &lt;b&gt;>', 'link(https://a.example/?x=1&y=2 bold(A) <b>)'],
    ['*<https://a.example|A*B>* c', 'bold(link(https://a.example A*B)) c'],
    ['<https://a.example>', 'link(https://a.example https://a.example)'],
    ['<@U1> in <#C1|health>', 'user(U1) in channel(C1)'],
    ['<!channel> <!here|here>', 'broadcast(channel) broadcast(here)'],
    [
      '<!date^60^{date_num} {time}^https://a.example|then>',
      'date(60000 {date_num} {time} then https://a.example)',
    ],
    ['<!date^soon^{time}|soon>', 'soon'],
    ['done :tada: at 10:30:45', 'done emoji(tada) at 10:30:45'],
    [':no_such_emoji:', ':no_such_emoji:'],
    ['see https://a.example/b, please', 'see link(https://a.example/b https://a.example/b), please'],
    ['see perly.ai.', 'see link(http://perly.ai perly.ai).'],
    ['version 1.2.3', 'version 1.2.3'],
  ])('%j', (source, expected) => {
    expect(short(parseMrkdwn(source))).toBe(expected);
  });

  test('a verbatim text links no bare URL, but everything in <…>', () => {
    const nodes = parseMrkdwn('https://a.example <https://b.example|b>', { verbatim: true });
    expect(short(nodes)).toBe('https://a.example link(https://b.example b)');
  });

  test('a text without formatting has lines, links and entities only', () => {
    const source = '*a* `b` R&amp;D\n&gt; <https://a.example|c_d_e> ```f```';
    expect(short(parseMrkdwn(source, { formatting: false }))).toBe(
      '*a* `b` R&D⏎> link(https://a.example c_d_e) ```f```',
    );
  });
});
