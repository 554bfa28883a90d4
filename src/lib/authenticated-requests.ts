/** The requests that showed who they are from, by a signature or a token. */
export type AuthenticatedRequests = {
  add(req: object): void;
  has(req: object): boolean;
};

export function createAuthenticatedRequests(): AuthenticatedRequests {
  const requests = new WeakSet<object>();
  return {
    add: (req) => void requests.add(req),
    has: (req) => requests.has(req),
  };
}
