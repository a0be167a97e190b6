# SPDX-License-Identifier: GPL-2.0-or-later
# Reads the TAP of one test program and says each test's result as it comes. Set by -v:
#   name    what runs, in front of each line
#   only    a regular expression: other tests neither show nor count ("": all do)
#   result  the file that gets "passed failed skipped unseen" at the end, then the names of what failed;
#           unseen are the failures that `only` hides
# A test that the plan announced and that never came has failed, and so has a program without a plan.

function say(verdict, what) {
    printf "%-7s %s: %s\n", verdict, name, what
    fflush()
}

function count(verdict, what) {
    counted[verdict]++
    if (verdict == "FAILED")
        failures = failures name ": " what "\n"
    say(verdict, what)
}

BEGIN { plan = -1 }

/^1\.\.[0-9]+/ {
    plan = substr($1, 4) + 0
    next
}

/^(not )?ok( |$)/ {
    seen++
    verdict = /^not/ ? "FAILED" : "ok"
    if (tolower($0) ~ /# skip/)
        verdict = "skipped"
    what = $0
    sub(/^(not )?ok *[0-9]* *-? */, "", what)
    shown = only == "" || what ~ only || name ~ only
    if (shown)
        count(verdict, what)
    else if (verdict == "FAILED")
        unseen++
    next
}

/^Bail out!/ {
    count("FAILED", $0)
    next
}

# What a test measured.
/^# figure: / {
    print "        " substr($0, 3)
    fflush()
    next
}

# What a failed test printed, and nothing of the others.
shown && verdict == "FAILED" { print "        " $0; fflush() }

END {
    if (plan < 0)
        count("FAILED", "it ended before it said how many tests it has")
    else if (seen < plan)
        count("FAILED", sprintf("%d of its %d tests never ran", plan - seen, plan))
    printf "%d %d %d %d\n%s", counted["ok"], counted["FAILED"], counted["skipped"], unseen, failures > result
}
