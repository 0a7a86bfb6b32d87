# Runs inside a sandbox and prints what it finds there, one fact a line. $1 must not exist inside.
outside=$1
can() { if ( : >"$1/.probe" ) 2>/dev/null; then echo "writable $1"; fi; }
echo "uid $(id -u)"
echo "gid $(id -g)"
echo "groups $(id -G)"
for entry in $(ls -A /); do echo "entry $entry"; done
for entry in $(ls -A /var 2>/dev/null); do echo "entry var/$entry"; done
for entry in $(ls -A /tmp); do echo "tmp $entry"; done
if [ -e "$outside" ]; then echo "outside $outside"; fi
while read -r name rest; do
  case $name in *:) echo "interface ${name%:}" ;; esac
done </proc/net/dev
case $(cat /proc/net/fib_trie) in *127.0.0.1*) echo "loopback up" ;; esac
for process in /proc/[0-9]*; do echo "process ${process#/proc/}"; done
while read -r name value rest; do
  case $name in CapInh: | CapPrm: | CapEff: | CapBnd: | CapAmb: | NoNewPrivs:) echo "${name%:} $value" ;; esac
done </proc/self/status
for name in / /usr /etc /dev /proc /proc/sys/kernel; do can "$name"; done
for name in /data /socket /tmp /dev/shm; do can "$name"; done
echo "end end"
