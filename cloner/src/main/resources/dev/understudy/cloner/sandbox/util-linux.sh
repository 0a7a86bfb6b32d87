# Runs as root of new mount, pid, network, ipc, uts and cgroup namespaces; makes a root directory in
# which nothing exists but what the arguments name, moves there, and becomes the command after "--".
# Any failure ends it: nothing here is optional but the loopback interface.
set -eu
umask 022
root=$1
shift

# A user namespace may only add to the flags that a mount has outside.
read_only() {
  mount -o remount,bind,ro,nosuid,nodev "$1" 2>/dev/null ||
    mount -o remount,bind,ro,nosuid,nodev,noexec "$1"
}

# What is mounted below a directory comes along: alone, a user namespace may not even show the
# directory. Each such mount has flags of its own. The kernel writes odd characters as \ooo.
read_only_below() {
  while read -r _ _ _ _ written _; do
    point=$written
    case $point in *\\*) point=$(printf %s "$point" | sed 's/\\/\\0/g') && point=$(printf %b "$point") ;; esac
    case $point in
      "$1"/*)
        # Removing its mount point outside takes a mount away here, too.
        if ! said=$(read_only "$point" 2>&1) && is_mounted "$written"; then
          echo "$said" >&2
          exit 32
        fi
        ;;
    esac
  done </proc/self/mountinfo
}

# As /proc/self/mountinfo writes it.
is_mounted() {
  while read -r _ _ _ _ mounted _; do
    [ "$mounted" != "$1" ] || return 0
  done </proc/self/mountinfo
  return 1
}

mount -t tmpfs -o mode=0755,nosuid,nodev,size=1m understudy "$root"
cd "$root"
root=$(pwd -P)
mkdir proc dev dev/shm tmp old

while [ "$1" != -- ]; do
  kind=$1 from=$2 to=.$3
  shift 3
  mkdir -p "${to%/*}"
  case $kind in
    link)
      ln -s "$from" "$to"
      continue
      ;;
    file) : >"$to" ;;
    *) mkdir -p "$to" ;;
  esac
  case $kind in
    writable)
      mount --bind "$from" "$to"
      mount -o remount,bind,nosuid,nodev "$to"
      ;;
    file)
      mount --bind "$from" "$to"
      read_only "$to"
      ;;
    *)
      mount --rbind "$from" "$to"
      read_only "$to"
      read_only_below "$root${to#.}"
      ;;
  esac
done
shift

mount -t proc -o nosuid,nodev,noexec proc proc
for device in null zero full random urandom tty; do
  : >"dev/$device"
  mount --bind "/dev/$device" "dev/$device"
done
ln -s /proc/self/fd dev/fd
ln -s /proc/self/fd/0 dev/stdin
ln -s /proc/self/fd/1 dev/stdout
ln -s /proc/self/fd/2 dev/stderr
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs dev/shm
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs tmp
hostname understudy 2>/dev/null || true
ip link set lo up 2>/dev/null || ifconfig lo up 2>/dev/null || true

pivot_root . old
cd /
umount -l /old
rmdir /old
mount -o remount,bind,ro,nosuid,nodev /
exec "$@"
