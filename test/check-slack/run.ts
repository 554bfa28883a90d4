import { checkSlack } from './check-slack.ts';

// The token is not an argument, since other users of the machine can read those.
process.exitCode = await checkSlack({
  token: process.env.SLACK_BOT_TOKEN,
  apiUrl: process.env.SLACK_API_URL,
  print: (line) => console.log(line),
});
