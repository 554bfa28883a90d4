/**
 * The template of a request's path, as `/perly/events/:id`, for logs and metrics: a path itself may hold ids or secrets.
 * `unknown` for every path that is none of ours.
 */
export function routeTemplateOf(req: object): string {
  const route: unknown = 'route' in req ? req.route : undefined;
  const path: unknown =
    typeof route === 'object' && route !== null && 'path' in route ? route.path : undefined;
  return typeof path === 'string' ? path : 'unknown';
}
