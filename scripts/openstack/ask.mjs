/** Asks as somebody. @returns what asks on, and answers the JSON of the answer */
export async function logIn({ keystone }, { name, password, project }) {
  const domain = { id: 'default' };
  const auth = {
    identity: { methods: ['password'], password: { user: { name, domain, password } } },
    scope: { project: { name: project, domain } },
  };
  const answer = await fetch(`${keystone}/v3/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ auth }),
  });
  const token = answer.headers.get('x-subject-token');
  return async (method, url, body, contentType = 'application/json') => {
    const isBytes = contentType !== 'application/json';
    const reply = await fetch(url, {
      method,
      headers: { 'x-auth-token': token, 'content-type': contentType },
      ...(body !== undefined && { body: isBytes ? body : JSON.stringify(body) }),
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${method} ${url}: ${reply.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
}
