#!/bin/bash
# What postgres:17 does when it starts, and in that order; the server is Debian's.
set -Eeuo pipefail

# file_env VARIABLE [DEFAULT]: its value may stand in the file that VARIABLE_FILE names
file_env() {
  local variable=$1 file="${1}_FILE" value=${2-}
  if [[ -n ${!variable-} && -n ${!file-} ]]; then
    echo "error: both $variable and $file are set (but are exclusive)" >&2
    exit 1
  fi
  if [[ -n ${!variable-} ]]; then value=${!variable}; elif [[ -n ${!file-} ]]; then value=$(<"${!file}"); fi
  export "$variable=$value"
  unset "$file"
}

init_files() {
  local file
  for file in /docker-entrypoint-initdb.d/*; do
    case $file in
      *.sh) echo "$0: running $file"; if [[ -x $file ]]; then "$file"; else . "$file"; fi ;;
      *.sql) echo "$0: running $file"; psql_here --dbname "$POSTGRES_DB" --file "$file" ;;
      *.sql.gz) echo "$0: running $file"; gunzip -c "$file" | psql_here --dbname "$POSTGRES_DB" ;;
      '/docker-entrypoint-initdb.d/*') ;;
      *) echo "$0: ignoring $file" ;;
    esac
  done
}

psql_here() { psql -v ON_ERROR_STOP=1 --no-psqlrc --username "$POSTGRES_USER" --no-password "$@"; }

init() {
  if [[ -z $POSTGRES_PASSWORD && ${POSTGRES_HOST_AUTH_METHOD-} != trust ]]; then
    echo 'Error: Database is uninitialized and superuser password is not specified.' >&2
    exit 1
  fi
  # shellcheck disable=SC2086 # arguments are words
  initdb --username="$POSTGRES_USER" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") ${POSTGRES_INITDB_ARGS-}
  printf '\nhost all all all %s\n' "${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}" >>"$PGDATA/pg_hba.conf"
  # on its socket alone: nobody else sees it half made
  pg_ctl -D "$PGDATA" -o "-c listen_addresses='' -p ${PGPORT:-5432}" -w start
  if [[ $POSTGRES_DB != postgres ]]; then
    psql_here --dbname postgres --set db="$POSTGRES_DB" <<<'CREATE DATABASE :"db";'
  fi
  init_files
  pg_ctl -D "$PGDATA" -m fast -w stop
  printf '\nPostgreSQL init process complete; ready for start up.\n\n'
}

if [[ ${1-} == -* ]]; then set -- postgres "$@"; fi
if [[ ${1-} == postgres ]]; then
  file_env POSTGRES_PASSWORD
  file_env POSTGRES_USER postgres
  file_env POSTGRES_DB "$POSTGRES_USER"
  if [[ $(id -u) == 0 ]]; then
    mkdir -p "$PGDATA" /var/run/postgresql
    chmod 00700 "$PGDATA"
    chown -R postgres "$PGDATA" /var/run/postgresql
    exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
  fi
  if [[ -s $PGDATA/PG_VERSION ]]; then
    printf '\nPostgreSQL Database directory appears to contain a database; Skipping initialization\n\n'
  else
    init
  fi
fi
exec "$@"
