import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect } from 'vitest';
import type { oas31 } from 'zod-openapi';
import type { ApiAnswer } from '../../../sandbox/perly/api-client.ts';

/** Checks answers against the API's description. */
export function describedApi(document: oas31.OpenAPIObject) {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(document, 'api');
  /** The answers so far: `operationId status`. */
  const seen = new Set<string>();

  /** The operation of a request, and the JSON pointer of its description. */
  function findOperation(method: string, path: string): { id: string; pointer: string } {
    for (const [template, item] of Object.entries(document.paths ?? {})) {
      const pattern = new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
      const operation = (item as Record<string, oas31.OperationObject>)[method];
      if (pattern.test(path) && operation !== undefined)
        return {
          id: operation.operationId ?? '',
          pointer: `#/paths/${template.replaceAll('/', '~1')}/${method}`,
        };
    }
    throw new Error(`${method} ${path} is not described`);
  }

  function resolve(pointer: string): unknown {
    return pointer
      .slice(2)
      .split('/')
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
      .reduce<unknown>((value, part) => (value as Record<string, unknown>)[part], document);
  }

  return {
    seen,

    /** Validates a schema of the description. */
    getSchema: (name: string) => ajv.getSchema(`api#/components/schemas/${name}`),

    /** Checks an answer against the description of its operation. */
    expectDescribed(method: string, path: string, { status, type, etag, body }: ApiAnswer): void {
      const { id, pointer } = findOperation(method, path);
      const responses = resolve(`${pointer}/responses`) as Record<string, oas31.ResponseObject>;
      const described = responses[status];
      expect(described, `${id} ${status}`).toBeDefined();
      seen.add(`${id} ${status}`);
      expect(etag !== null, `${id} has an ETag`).toBe(described?.headers !== undefined);
      if (described?.content === undefined) return;
      expect(Object.keys(described.content)).toEqual([type]);
      const encoded = encodeURI(
        `api${pointer}/responses/${status}/content/${type.replace('/', '~1')}/schema`,
      ).replaceAll(/[{}]/g, encodeURIComponent);
      const validate = ajv.getSchema(encoded);
      expect(validate, encoded).toBeDefined();
      expect(validate?.(body), JSON.stringify([validate?.errors, body])).toBe(true);
    },
  };
}
