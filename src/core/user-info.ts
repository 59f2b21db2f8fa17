// a path that a URL was taken for has lost a slash
const userInfo = /([a-z][\w+.-]*:\/\/?)(?:[^\s/"'`]+|[^\s/"'`]*:[^\s"'`]*)@/gi

/** A text in which no URL tells its user and password; a password may hold slashes that should have been encoded. */
export function withoutUserInfo(text: string): string {
  return text.replaceAll(userInfo, '$1***@')
}
