# Runs as root of new mount, pid, network, ipc, uts and cgroup namespaces; makes a root directory in
# which nothing exists but what the arguments name, moves there, and becomes the command after "--".
# Any failure ends it: nothing here is optional but the loopback interface.
set -eu
umask 022
root=$1
shift

mount -t tmpfs -o mode=0755,nosuid,nodev,size=1m understudy "$root"
cd "$root"
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
  mount --bind "$from" "$to"
  # A user namespace may only add to the flags that a mount has outside.
  case $kind in
    writable) mount -o remount,bind,nosuid,nodev "$to" ;;
    *)
      mount -o remount,bind,ro,nosuid,nodev "$to" 2>/dev/null ||
        mount -o remount,bind,ro,nosuid,nodev,noexec "$to"
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
