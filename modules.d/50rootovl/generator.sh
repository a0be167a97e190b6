#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# systemd's own mount of what root= names does nothing where the root is ours, or comes first.
exec /usr/bin/rootovl generator "$@"
