#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# In place of dracut's own, which knows neither guests nor folders below a share:
# root=cifs://SERVER/SHARE[/FOLDER…][,OPTION…]
# shellcheck disable=SC2034 # for cifsroot.sh, which sources this

cifs_to_var() {
    options=
    path=${1#cifs://}
    case $path in
    *,*)
        options=${path#*,}
        path=${path%%,*}
        ;;
    esac
    server=${path%%/*}
    path=${path#*/}
}
