/**
 * The template of a request's path, as `/perly/events/:id`, for logs and metrics, since a path may contain ids or
 * secrets. `unknown` for any other path.
 */
export function routeTemplateOf(req: object): string {
  const route: unknown = 'route' in req ? req.route : undefined;
  const path: unknown =
    typeof route === 'object' && route !== null && 'path' in route ? route.path : undefined;
  return typeof path === 'string' ? path : 'unknown';
}

/** Names the route of a request as Express does, for one that takes another way. */
export function setRouteTemplate(req: object, path: string): void {
  Object.assign(req, { route: { path } });
}
