error: line 3: chain: what was fetched would be lost (chain before anything is fetched, or boot)
