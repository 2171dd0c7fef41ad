# Runs a server for as long as the owner holds the other end of standard input.
# Arguments: the folder of the cluster, then the command of the server.
folder=$1
shift
lock=$folder/data/postmaster.pid
# A terminal's Ctrl-C is for the owner; that it has gone shows on standard input.
trap '' INT HUP TERM
"$@" </dev/null >&2 &
server=$!
# From here on only the server writes to the log, so that it ends with its last process.
exec 2>/dev/null

# Ends a process and its children as a crash does.
crash() {
    # Stopped first: it starts no further process while its children are counted.
    kill -STOP "$1"
    children=$(cat "/proc/$1/task/$1/children" || pgrep -P "$1")
    # shellcheck disable=SC2086 # several numbers
    kill -KILL "$1" $children
}

# The PostgreSQL that the server (Patroni) has started. It is nobody's child, and stays when that has gone.
started() {
    number=$(sed -n 1p "$lock")
    if [ "$number" != "$server" ] && is_here "$number"; then
        echo "$number"
    fi
}

# Whether it runs in the folder of the data. What has ended, and was not waited for by anybody, does not.
is_here() {
    [ "/proc/$1/cwd" -ef "$folder/data" ]
}

while read -r order; do
    case $order in
    kill)
        if [ -n "$server" ]; then
            crash "$server"
            wait "$server"
            postgres=$(started)
            [ -z "$postgres" ] || crash "$postgres"
        fi
        server=
        ;;
    stop)
        [ -z "$server" ] || kill -INT "$server"
        wait "$server"
        server=
        ;;
    # A later guard watches over the folder.
    leave) exit 0 ;;
    esac
    # Only now has the server been waited for, and its number is nobody's any more.
    echo "done"
done

# The owner has gone, in whatever way.
postgres=
[ -z "$server" ] || postgres=$(started)
if [ -n "$postgres" ]; then
    crash "$server"
    wait "$server"
    server=
    kill -QUIT "$postgres"
    while is_here "$postgres"; do sleep 0.1; done
fi
if [ -n "$server" ] && [ ! -d "$folder/data" ]; then
    # A pooler has nothing to tidy up.
    kill -KILL "$server"
    wait "$server"
    server=
fi
if [ -n "$server" ]; then
    # Until it has written its lock, a signal may find the server without handlers and be lost.
    tries=50
    until [ "$(sed -n 1p "$lock")" = "$server" ] || [ "$tries" = 0 ]; do
        sleep 0.1
        tries=$((tries - 1))
    done
    [ "$tries" != 0 ] || kill -KILL "$server"
    kill -QUIT "$server"
    kill -CONT "$server"
    wait "$server"
fi
# The segment by which PostgreSQL recognises a second server outlives a kill; the lock names it.
segment=$(sed -n '7s/.* //p' "$lock")
[ -z "$segment" ] || ipcrm -m "$segment"
cd /
rm -rf "$folder"
