import { checkSlack } from './check-slack.ts';

process.exitCode = await checkSlack({
  token: process.env.SLACK_BOT_TOKEN,
  apiUrl: process.env.SLACK_API_URL,
  print: (line) => console.log(line),
});
