#!/usr/bin/env bash
# Compares dupdoctor with the tools that people reach for first, on generated logs, and prints the table of ratios.
#
#   benches/peers.sh [FOLDER]      logs and tools go to FOLDER (default: /tmp/dupdoctor-peers; 20 GB with BIG=1)
#   SIZE=2G  size of the plain logs    RUNS=5  runs of each command    BIG=1  the 10 GB log, too
#
# Missing tools are installed: ripgrep with cargo, hyperfine, pigz and zstd from Debian.
set -euo pipefail

cd "$(dirname "$0")/.."
folder=${1:-/tmp/dupdoctor-peers}
size=${SIZE:-2G}
runs=${RUNS:-5}
cores=$(nproc)
mkdir -p "$folder/tools"
folder=$(cd "$folder" && pwd)
export PATH="$folder/tools/bin:$PATH"

for tool in hyperfine pigz zstd; do
    command -v "$tool" > /dev/null || { [ "$(id -u)" = 0 ] && apt-get install -y -q "$tool"; } >&2 || sudo apt-get install -y -q "$tool" >&2
done
command -v rg > /dev/null || cargo install ripgrep --root "$folder/tools"

cargo build --release --quiet
target=$(cargo metadata --no-deps --format-version 1 | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
doctor=$target/release/dupdoctor

# generate FILE SIZE PER-MILLE DUPLICATIONS: a log, unless it is there already.
generate() {
    [ -s "$1" ] || cargo bench --quiet --bench generate -- "$2" "$1" "$3" "$4"
    sync
}

# cut_into SOURCE FOLDER COUNT BYTES: rotated files, each from a line's beginning.
cut_into() {
    [ -d "$2" ] && return
    mkdir -p "$2.part"
    split --line-bytes="$4" --numeric-suffixes=1 --suffix-length=4 --additional-suffix=.txt "$1" "$2.part/log."
    (cd "$2.part" && ls | tail -n "+$(($3 + 1))" | xargs -r rm)
    mv "$2.part" "$2"
}

# bytes FILE...: their size in all.
bytes() { cat "$@" | wc -c; }

# timed RUNS WARMUPS COMMAND: hyperfine's numbers go to last.csv. Findings are no failure.
timed() {
    hyperfine -N -i -w "$2" -r "$1" --export-csv "$folder/last.csv" "$3" > /dev/null 2>&1 || {
        echo "failed: $3" >&2
        exit 1
    }
}

# median: of the numbers in standard input.
median() { sort -n | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }

# seconds COMMAND: the median of the runs, the file cache warm.
seconds() {
    timed "$runs" 1 "$1"
    awk -F, 'NR == 2 { print $(NF - 4) }' "$folder/last.csv"
}

# in_turn COMMAND...: the median seconds of each go to the array `took`. The commands take turns: what slows the machine for a while
# slows them all. `unpack FILES` stands for the zstd crate, which tells two times: through its reader, and in one go.
in_turn() {
    rm -f "$folder"/turn.*
    for ((round = 0; round <= runs; round++)); do
        for ((at = 1; at <= $#; at++)); do
            case ${!at} in
                unpack\ *) cargo bench --quiet --bench unpack -- 1 ${!at#unpack } > "$folder/one" ;;
                *) timed 1 0 "${!at}" && awk -F, 'NR == 2 { print $(NF - 4) }' "$folder/last.csv" > "$folder/one" ;;
            esac
            # The first round only warms.
            [ $round = 0 ] || cat "$folder/one" >> "$folder/turn.$at"
        done
    done
    took=()
    for ((at = 1; at <= $#; at++)); do
        for ((field = 1; field <= $(awk 'NR == 1 { print NF }' "$folder/turn.$at"); field++)); do
            took+=("$(awk -v field=$field '{ print $field }' "$folder/turn.$at" | median)")
        done
    done
}

# busy: processor seconds by wall seconds of the last command that was measured.
busy() { awk -F, 'NR == 2 { printf "%.2f", ($(NF - 3) + $(NF - 2)) / $(NF - 6) }' "$folder/last.csv"; }

# peak COMMAND...: peak resident memory in MiB.
peak() { { /usr/bin/time -f %M "$@" > /dev/null 2> "$folder/peak" || true; } && awk 'END { printf "%.0f", $1 / 1024 }' "$folder/peak"; }

missed=0
# row NAME VALUE at-most|at-least GOAL UNIT
row() {
    verdict=$(awk -v v="$2" -v g="$4" -v how="$3" 'BEGIN { print (how == "at-most" ? v <= g : v >= g) ? "met" : "MISSED" }')
    [ "$verdict" = met ] || missed=$((missed + 1))
    printf '| %-52s | %8.3f %-5s | %-8s %6s | %-6s |\n' "$1" "$2" "$5" "$3" "$4" "$verdict"
}

# told NAME VALUE UNIT: what is no goal but explains one.
told() { printf '| %-52s | %8.3f %-5s | %-15s | %-6s |\n' "$1" "$2" "$3" '' ''; }

ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.4f", a / b }'; }
speed() { awk -v s="$1" -v b="$2" 'BEGIN { printf "%.3f", b / s / 1e9 }'; }

diagnose="$doctor diagnose --format json --quiet"
echo "$(awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo), $cores cores, $(rg --version | head -1), $($doctor --version)"
echo
printf '| %-52s | %-14s | %-15s | %-6s |\n' what measured goal ''
echo '|---|---|---|---|'

plain=$folder/plain.log
generate "$plain" "$size" 5 20
# ripgrep maps a single file; a mapping dies with the file that is truncated, so dupdoctor reads, as rg --no-mmap does.
in_turn "rg -j2 -c duplication $plain" "$diagnose --threads 2 $plain" "$diagnose --threads 1 $plain" \
    "rg -j2 --no-mmap -c duplication $plain" "sh -c 'cat $plain > /dev/null'"
row "plain, 0.5 %, 2 threads, by rg -c duplication" "$(ratio "${took[1]}" "${took[0]}")" at-most 0.75 ×
row "plain, 0.5 %, 1 thread, by rg -c duplication" "$(ratio "${took[2]}" "${took[0]}")" at-most 1.2 ×
told "the same, 2 threads, by rg --no-mmap" "$(ratio "${took[1]}" "${took[3]}")" ×
told "the same, 1 thread, by rg --no-mmap" "$(ratio "${took[2]}" "${took[3]}")" ×
told "reading alone on one thread (cat), by rg" "$(ratio "${took[4]}" "${took[0]}")" ×
# A log grows by small pieces; what cp wrote lies in the cache in larger pages, which cost a mapping less.
copied=$folder/copied.log
[ -s "$copied" ] || cp "$plain" "$copied"
in_turn "rg -j2 -c duplication $copied" "$diagnose --threads 2 $copied" "$diagnose --threads 1 $copied"
told "a copy made by cp, 2 threads, by rg" "$(ratio "${took[1]}" "${took[0]}")" ×
told "a copy made by cp, 1 thread, by rg" "$(ratio "${took[2]}" "${took[0]}")" ×

for share in 200:100 1000:1000; do
    per_mille=${share%:*}
    log=$folder/mix$per_mille.log
    generate "$log" 1G "$per_mille" "${share#*:}"
    row "plain, $((per_mille / 10)) %, ${share#*:} duplications" "$(speed "$(seconds "$diagnose --threads 2 $log")" "$(bytes "$log")")" at-least 1 GB/s
done

cut_into "$plain" "$folder/small" 1000 2000000
cut_into "$plain" "$folder/middle" 32 64000000
for set in small middle; do
    took=$(seconds "$diagnose --threads 2 $folder/$set")
    used=$(busy)
    row "$(ls "$folder/$set" | wc -l) files ($set): cores busy" "$used" at-least 1.7 cores
    row "$(ls "$folder/$set" | wc -l) files ($set)" "$(speed "$took" "$(bytes "$folder/$set"/*)")" at-least 1 GB/s
done

for kind in gz zst; do
    if [ ! -d "$folder/middle-$kind" ]; then
        cp -r "$folder/middle" "$folder/middle-$kind.part"
        if [ $kind = gz ]; then pigz "$folder/middle-$kind.part"/*; else zstd -q --rm "$folder/middle-$kind.part"/*; fi
        mv "$folder/middle-$kind.part" "$folder/middle-$kind"
    fi
done
in_turn "rg -j2 -z -c duplication $folder/middle-gz" "$diagnose --threads 2 $folder/middle-gz"
row "32 gzip files, speed by that of rg -z" "$(ratio "${took[0]}" "${took[1]}")" at-least 10 ×
in_turn "unpack $(echo "$folder/middle-zst"/*)" "$diagnose --threads 2 $folder/middle-zst"
row "32 zstd files, speed by that of the zstd crate alone" "$(ratio "${took[0]}" "${took[2]}")" at-least 0.9 ×
told "the same, by the crate's unpacking in one go" "$(ratio "${took[1]}" "${took[2]}")" ×
[ -s "$folder/one.log.gz" ] || pigz -c "$plain" > "$folder/one.log.gz"
in_turn "pigz -dc $folder/one.log.gz" "$diagnose --threads 2 $folder/one.log.gz"
row "one large gzip, speed by that of pigz -dc" "$(ratio "${took[0]}" "${took[1]}")" at-least 1 ×

row "demo" "$(seconds "$doctor demo")" at-most 0.010 s
row "memory, 100 %, 1,000 duplications" "$(peak $diagnose --threads 2 "$folder/mix1000.log")" at-most 300 MiB
endless=$folder/endless.log
[ -s "$endless" ] || { head -c 4M "$plain"; head -c 1G /dev/zero | tr '\0' x; head -c 4M "$plain"; } > "$endless"
many=$folder/many.log
generate "$many" 512M 1000 100000
row "memory, 100,000 duplications" "$(peak $diagnose --threads 2 "$many")" at-most 2048 MiB
row "memory, a line of 1 GiB" "$(peak $diagnose --threads 2 "$endless")" at-most 300 MiB
if [ "${BIG:-}" = 1 ]; then
    big=$folder/big.log
    generate "$big" 10G 5 20
    cat "$big" > /dev/null
    last=$(tail -n 1 "$big" | sed 's/[^(]*(\([0-9]\{10\}\).*/\1/')
    at() { date -u -d "@$1" +%FT%TZ; }
    row "a window of 10 minutes in 10 GB" "$(seconds "$diagnose --since $(at $((last - 7200))) --until $(at $((last - 6600))) $big")" at-most 0.050 s
    row "memory, 10 GB, 0.5 %, 2 threads" "$(peak $diagnose --threads 2 "$big")" at-most 96 MiB
fi
echo
[ $missed = 0 ] && echo "all goals met" || { echo "$missed goals missed"; exit 1; }
