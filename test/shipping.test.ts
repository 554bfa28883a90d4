import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { findFreePort } from '../sandbox/local-environment.ts';
import { configVariables, readConfig } from '../src/config.ts';
import { maxPostMs } from '../src/delivery/webhook/client.ts';
import { closeDeadlineMs } from '../src/ops/http-server.ts';
import { maxAttemptMs } from '../src/perly/webhooks/post-webhook.ts';
import { startTestApp, type TestApp } from './support/test-app.ts';

const pathOf = (path: string) => new URL(`../${path}`, import.meta.url);
const read = (path: string) => readFileSync(pathOf(path), 'utf8');

const manifest = z
  .object({ engines: z.object({ node: z.string() }), scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(read('package.json')));
const dockerfile = read('Dockerfile');

const composeService = z.object({
  environment: z.record(z.string(), z.string()).default({}),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  read_only: z.boolean().optional(),
  stop_grace_period: z.string().optional(),
});
const { services } = z
  .object({ services: z.record(z.string(), composeService) })
  .parse(parse(read('compose.yaml'), { merge: true }));
const apps = Object.entries(services).filter(([name]) => name.startsWith('app-'));

const workflow = z
  .object({ jobs: z.record(z.string(), z.object({ steps: z.array(z.record(z.string(), z.unknown())) })) })
  .parse(parse(read('.github/workflows/ci.yaml')));

/** The ranges of versions that package.json allows, each by its oldest version. */
const allowed = manifest.engines.node.split(' || ').map((range) => ({
  isOpen: range.startsWith('>='),
  oldest: range.replace(/^(?:\^|>=)/, ''),
}));

/** Whether a version, `24` or `20.19`, is one that package.json allows. */
function isAllowed(version: string): boolean {
  // Without a minor it is the newest of its line.
  const [major = 0, minor = Number.POSITIVE_INFINITY] = version.split('.').map(Number);
  return allowed.some(({ isOpen, oldest }) => {
    const [oldestMajor = 0, oldestMinor = 0] = oldest.split('.').map(Number);
    return (isOpen && major > oldestMajor) || (major === oldestMajor && minor >= oldestMinor);
  });
}

/** The exit code of a container's health check, as it would be with the app on this port. */
async function check([node, ...args]: readonly string[], port: number): Promise<unknown> {
  expect(node).toBe('node');
  const here = args.map((arg) => arg.replace('127.0.0.1:3000', `127.0.0.1:${port}`));
  const [code] = await once(spawn(process.execPath, here, { env: { PORT: String(port) } }), 'exit');
  return code;
}

describe('the lockfile', () => {
  const lockedPackage = z.object({
    version: z.string(),
    integrity: z.string().optional(),
    resolved: z.string().optional(),
  });
  const { '': _root, ...locked } = z
    .object({ packages: z.record(z.string(), z.looseObject({})) })
    .parse(JSON.parse(read('package-lock.json'))).packages;

  test('has the SHA-512 of every package, including those for other platforms', () => {
    const packages = Object.entries(locked).map(([path, entry]) => ({ path, ...lockedPackage.parse(entry) }));
    expect(packages.length).toBeGreaterThan(100);
    expect(packages.filter(({ integrity }) => !/^sha512-[\w+/]{86}==$/.test(integrity ?? ''))).toEqual([]);
  });

  test('takes packages from the registry only', () => {
    const elsewhere = Object.entries(locked).filter(([, { resolved }]) => resolved !== undefined);
    expect(elsewhere).toEqual([]);
  });
});

describe('the image', () => {
  test('has a Node.js that package.json allows, the same in every stage', () => {
    const versions = [...dockerfile.matchAll(/^FROM node:([\d.]+)/gm)].map(([, version = '']) => version);
    expect(versions.length).toBeGreaterThan(1);
    expect(new Set(versions).size).toBe(1);
    expect(versions.filter((version) => !isAllowed(version))).toEqual([]);
  });

  test('is made of existing files that Docker is shown', () => {
    const shown = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, paths = '']) =>
      paths.split(' '),
    );
    expect([...new Set(copied)].sort()).toEqual([...shown].sort());
    expect(copied.filter((path) => !existsSync(pathOf(path)))).toEqual([]);
  });

  test('starts what `npm start` starts, and not as root', () => {
    const command = JSON.parse(/^CMD (.*)$/m.exec(dockerfile)?.[1] ?? 'null');
    expect(command).toEqual(manifest.scripts.start?.split(' '));
    expect(/^USER (.*)$/m.exec(dockerfile)?.[1]).toMatch(/^[1-9]/);
  });
});

test('every image is pinned by its digest', () => {
  const images = ['Dockerfile', 'compose.yaml', '.github/workflows/ci.yaml'].flatMap((path) =>
    [...read(path).matchAll(/(?:^FROM|image:) (\S*:\S+)/gm)].map(([, image = '']) => image),
  );
  expect(images.length).toBeGreaterThanOrEqual(7);
  expect(images.filter((image) => !/^[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}$/.test(image))).toEqual([]);
});

describe('compose.yaml', () => {
  test('sets only what the app reads, and what it accepts', () => {
    expect(apps).toHaveLength(2);
    const example = Object.fromEntries(
      [...read('.env.example').matchAll(/^([A-Z_]+)=(.+)$/gm)].map(([, name = '', value]) => [name, value]),
    );
    for (const [, { environment }] of apps) {
      expect(Object.keys(environment).filter((name) => !configVariables.includes(name))).toEqual([]);
      const secrets = {
        SLACK_CLIENT_ID: '1',
        SLACK_CLIENT_SECRET: '1',
        SLACK_SIGNING_SECRET: '2',
        PERLY_SECRETS: `whsec_${Buffer.alloc(32, 1).toString('base64')}`,
        PERLY_TOKEN_SECRETS: Buffer.alloc(32, 2).toString('base64'),
        APP_SECRETS: Buffer.alloc(32, 3).toString('base64'),
      };
      expect(readConfig({ ...example, ...secrets, ...environment }).port).toBe(3000);
    }
  });

  test('starts with the trial settings that the workflow writes', () => {
    const scripts = Object.values(workflow.jobs).flatMap(({ steps }) => steps.map(({ run }) => String(run)));
    const [, trial = ''] = scripts.flatMap((run) => /cat > \.env <<EOF\n(.*?)\nEOF/s.exec(run) ?? []);
    const values = trial.split('\n').map((line) => {
      const [, name = '', value = ''] = /^([A-Z_]+)=(.*)$/.exec(line) ?? [];
      return [name, value.replace('$(openssl rand -base64 32)', randomBytes(32).toString('base64'))];
    });
    expect(values.length).toBeGreaterThan(5);
    for (const [, { environment }] of apps)
      expect(readConfig({ ...Object.fromEntries(values), ...environment }).appUrl).toBe('http://localhost');
  });

  test('has the proxy lead to existing processes', () => {
    const upstreams = /reverse_proxy (.*) \{/.exec(read('deploy/Caddyfile'))?.[1]?.split(' ');
    expect(upstreams).toEqual(apps.map(([name, { environment }]) => `${name}:${environment.PORT}`));
  });

  test('gives a process more time to stop than it needs, whatever .env says', () => {
    // One after the other: requests under way, the messages that they began, and a notice to Perly.
    const endingMs = closeDeadlineMs + maxPostMs + maxAttemptMs;
    for (const [, app] of apps) {
      const seconds = Number(/^(\d+)s$/.exec(app.stop_grace_period ?? '')?.[1]);
      const graceSeconds = Number(app.environment.STOP_GRACE_SECONDS);
      expect(seconds * 1000).toBeGreaterThan(graceSeconds * 1000 + endingMs);
      expect(app.read_only).toBe(true);
    }
  });
});

describe('health checks', () => {
  let running: TestApp;
  beforeAll(async () => {
    running = await startTestApp();
  });
  afterAll(() => running.close());

  test("the proxy hides the operators' routes, however they are written", async () => {
    const patterns = /@internal path (.*)/.exec(read('deploy/Caddyfile'))?.[1]?.split(' ') ?? [];
    // Caddy compares without case, and only a star stands for more.
    const isHidden = (path: string) =>
      patterns.some((pattern) =>
        pattern.endsWith('*')
          ? path.toLowerCase().startsWith(pattern.slice(0, -1))
          : path.toLowerCase() === pattern,
      );
    for (const path of ['/readyz', '/readyz/', '/READYZ', '/Readyz/', '/metrics', '/metrics/', '/readyz/x']) {
      const { status } = await fetch(`${running.url}${path}`);
      expect({ path, isShown: status !== 404 && !isHidden(path) }).toEqual({ path, isShown: false });
    }
    expect(isHidden('/healthz')).toBe(false);
  });

  test.each<[string, unknown]>([
    ['of the image', JSON.parse(/^ +CMD (\[.*\])$/m.exec(dockerfile)?.[1] ?? 'null')],
    ['of compose.yaml', apps[0]?.[1].healthcheck?.test.slice(1)],
  ])('%s succeed for an app that runs, and fail without one', async (_, command) => {
    const words = z.array(z.string()).parse(command);
    expect(await check(words, running.config.port)).toBe(0);
    expect(await check(words, await findFreePort())).toBe(1);
  });
});

describe('the workflow', () => {
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);

  test('runs existing scripts', () => {
    const named = steps.flatMap(({ run }) =>
      [...String(run ?? '').matchAll(/\bnpm (?:run (?:--silent )?)?(?!ci\b|audit\b)([\w:-]+)/g)].map(
        ([, name = '']) => name,
      ),
    );
    expect(named).toContain('verify');
    expect(named.filter((name) => !(name in manifest.scripts))).toEqual([]);
  });

  test('audits what ships, checks the signatures of all packages, and keeps the bill of materials', () => {
    const lines = steps.flatMap(({ run }) =>
      String(run ?? '')
        .trim()
        .split('\n'),
    );
    expect(lines).toEqual(
      expect.arrayContaining([
        'npm audit --omit=dev',
        'npm audit signatures',
        'npm run --silent sbom > sbom.cdx.json',
      ]),
    );
    expect(steps).toContainEqual({
      uses: expect.stringContaining('actions/upload-artifact@'),
      with: { name: 'sbom', path: 'sbom.cdx.json', 'if-no-files-found': 'error' },
    });
    for (const step of steps) expect(step).not.toHaveProperty('continue-on-error');
  });

  test('runs the long properties as well', () => {
    expect(steps.map(({ run }) => run)).toContain('npm run test:load');
  });

  test('pins every action by its commit, and names its version', () => {
    const uses = [...read('.github/workflows/ci.yaml').matchAll(/uses: (.*)$/gm)].map(([, use]) => use);
    expect(uses.length).toBeGreaterThan(0);
    expect(uses.filter((use) => !/^[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(use ?? ''))).toEqual([]);
  });

  test("tests the oldest Node.js of each line that package.json allows, and the image's", () => {
    const tried = /node: \[(.*)\]/.exec(read('.github/workflows/ci.yaml'))?.[1]?.match(/[\d.]+/g) ?? [];
    expect(tried).toEqual(expect.arrayContaining(allowed.map(({ oldest }) => oldest)));
    expect(tried).toContain(/^FROM node:(\d+)/m.exec(dockerfile)?.[1]);
  });
});
