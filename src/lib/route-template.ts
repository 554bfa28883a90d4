/** Returns a template for logs and metrics, because a path may contain ids or secrets. */
export function routeTemplateOf(req: object): string {
  const route: unknown = 'route' in req ? req.route : undefined;
  const path: unknown =
    typeof route === 'object' && route !== null && 'path' in route ? route.path : undefined;
  return typeof path === 'string' ? path : 'unknown';
}

/** Sets the template as Express does, for a request that Express does not route. */
export function setRouteTemplate(req: object, path: string): void {
  Object.assign(req, { route: { path } });
}
