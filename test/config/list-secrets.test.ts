import { expect, test } from 'vitest';
import { secretVariables } from '../../src/config/secret-files.ts';
import { listSecrets, readConfig } from '../../src/config.ts';
import { environmentWithSecrets as env } from '../support/environment.ts';

test('every secret that may come from a file must not be logged', () => {
  const config = readConfig(env);
  for (const name of secretVariables.filter((each) => each !== 'MONGODB_URI'))
    expect(listSecrets(config)).toContain(env[name]);
});

test.each([
  ['mongodb://perly:hunter%2F2@db-1,db-2/perly?replicaSet=a', ['hunter%2F2', 'hunter/2']],
  ['mongodb+srv://perly:100%zz@db.example.com', ['100%zz']],
  [
    'mongodb://perly:hunter22@db/?proxyHost=proxy&proxyPassword=p%40ssword&TLSCertificateKeyFilePassword=keyfile1=',
    ['hunter22', 'p%40ssword', 'p@ssword', 'keyfile1='],
  ],
  [
    'mongodb://db/?authMechanismProperties=SERVICE_NAME:a,AWS_SESSION_TOKEN:Fwo%2FGZXI:x=,SERVICE_REALM:b',
    ['Fwo%2FGZXI:x=', 'Fwo/GZXI:x='],
  ],
  ['mongodb://db/?authMechanismProperties=AWS_SESSION_TOKEN%3AFwoGZXIvYX', ['FwoGZXIvYX']],
  ['mongodb://perly@db/?authMechanism=MONGODB-X509', []],
  ['mongodb://127.0.0.1:27017/?directConnection=true', []],
])('%s: the secrets in a database’s URI are secrets, and so is the URI', (uri, passwords) => {
  const config = readConfig(env);
  const without = listSecrets(config);
  const own = listSecrets({ ...config, mongodbUri: uri }).filter((each) => !without.includes(each));
  expect(new Set(own)).toEqual(new Set(passwords.length === 0 ? [] : [uri, ...passwords]));
});
