// a path that a URL was taken for has lost a slash
const userInfo = /([a-z][\w+.-]*:\/\/?)(?:[^\s/"'`]+|[^\s/"'`]*:[^\s"'`]*)@/gi

/** A text in which no URL tells its user and password; a password may hold slashes that should have been encoded. */
export function withoutUserInfo(text: string): string {
  return text.replaceAll(userInfo, '$1***@')
}

interface Login {
  readonly url: string
  readonly username?: string
  readonly password?: string
}

/** A user in the URL is taken out of it, so that the URL can be printed; one that is given beside it wins. */
export function takeUserInfo(input: Login): Login {
  const url = new URL(input.url)
  const username = input.username ?? (url.username === '' ? undefined : decoded(url.username))
  const password = input.password ?? (url.password === '' ? undefined : decoded(url.password))
  url.username = ''
  url.password = ''
  return {
    url: url.href.replace(/\/$/, ''),
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
  }
}

/** A part of a URL; as it is, where a `%` in it starts no escape. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
