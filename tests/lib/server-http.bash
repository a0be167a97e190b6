# SPDX-License-Identifier: GPL-2.0-or-later
# A web server in the lab: nginx, on ports 80 and 443 with a certificate of the test's own CA.
#
#   http_configure DIR ADDRESS    serves DIR/www; DIR/http/ca.pem is the CA, ADDRESS the server's name
#   http_site DIR FILE            one more server, as an administrator of nginx writes it
#   http_start DIR; http_stop DIR (killed, as in an outage); what it served is in DIR/http/access.log
#   http_hurry DIR                from now on nothing is slow
#   http_settled                  returns when what was answered before is in the log
#
# Below /slow/ are the same files, 1 MiB a second; below /chunked/ without a size;/loop, /to-http, /to-file redirect.
# shellcheck shell=bash

. "${BASH_SOURCE[0]%/*}/lab.bash"
. "${BASH_SOURCE[0]%/*}/events.bash"

http_certificate() {
    local dir=$1 address=$2
    {
        openssl req -x509 -newkey rsa:2048 -nodes -subj '/CN=Farm CA' -days 7300 \
            -keyout "$dir/ca.key" -out "$dir/ca.pem"
        openssl req -newkey rsa:2048 -nodes -subj "/CN=$address" \
            -keyout "$dir/server.key" -out "$dir/server.csr"
        openssl x509 -req -in "$dir/server.csr" -CA "$dir/ca.pem" -CAkey "$dir/ca.key" -days 7300 \
            -CAcreateserial -extfile <(echo "subjectAltName=IP:$address") -out "$dir/server.pem"
    } >"$dir/openssl.log" 2>&1
}

http_configure() {
    local dir=$1/http
    mkdir -p "$dir" "$1/www"
    http_certificate "$dir" "$2"
    cat >"$dir/nginx.conf" <<END
user root;
daemon off;
master_process off;
pid $dir/nginx.pid;
error_log $dir/error.log notice;
events { }
http {
    log_format short '\$status \$request_uri \$http_range';
    access_log $dir/access.log short;
    client_body_temp_path $dir/body; proxy_temp_path $dir/proxy; fastcgi_temp_path $dir/fastcgi;
    uwsgi_temp_path $dir/uwsgi; scgi_temp_path $dir/scgi;
    server {
        listen 80; listen [::]:80; listen 443 ssl;
        ssl_certificate $dir/server.pem;
        ssl_certificate_key $dir/server.key;
        root $1/www;
        set \$pace 1m;
        if (-f $dir/hurry) { set \$pace 0; }
        location /slow/ { alias $1/www/; limit_rate \$pace; }
        location = /settled { access_log off; return 204; }
        location /chunked/ { alias $1/www/; ssi on; ssi_types *; }
        location /loop { return 302 /loop; }
        location /to-http { return 302 http://$2/file; }
        location /to-file { return 302 file:///etc/passwd; }
        location /broken { return 503; }
    }
    include $dir/*.site;
}
END
}

http_site() {
    cp "$2" "$1/http/${2##*/}.site"
}

http_start() {
    local dir=$1/http
    : >"$dir/error.log"
    lab nginx -c "$dir/nginx.conf" -e "$dir/error.log" </dev/null >"$dir/out" 2>&1 3>&- &
    wait_line "$dir/error.log" 'using the "epoll" event method' 60 "$!" || {
        cat "$dir/error.log" "$dir/out" >&2
        die 'nginx did not start'
    }
    wait_line <(lab bash -c 'until (exec 9<>/dev/tcp/127.0.0.1/80) 2>/dev/null; do :; done; echo up') up 60
}

http_hurry() {
    touch "$1/http/hurry"
}

# nginx logs a request when it has answered it, before it looks at the next.
http_settled() {
    # shellcheck disable=SC2016 # the inner shell expands
    lab bash -c 'exec 9<>/dev/tcp/127.0.0.1/80; printf "GET /settled HTTP/1.0\r\n\r\n" >&9; read -r _ <&9'
}

http_stop() {
    lab_end KILL "$(<"$1/http/nginx.pid")"
}
