import type { FrontSite, FrontWish } from './front-site.ts'

/**
 * Server blocks to include in the `http` block of an nginx that is there already. nginx's own buffering is off, or event
 * streams would arrive in lumps, and what a client says about itself is replaced by what nginx knows.
 */
export function nginxFile({ sites }: FrontWish): string {
  return `# Made by: plimsoll edge front --server nginx
# No release changes this file: the edge behind it moves the traffic. Reload nginx only when domains come or go.
# Put the paths of your certificates where it says /etc/ssl.

map $http_upgrade $plimsoll_connection {
    default upgrade;
    ''      '';
}

upstream plimsoll_edge {
    server ${sites[0]?.edge};
    keepalive 32;
}

${sites.map(server).join('\n')}`
}

function server({ app, service, domains }: FrontSite): string {
  const [first] = domains
  return `# ${app}/${service}
server {
    listen 443 ssl;
    server_name ${domains.join(' ')};
    ssl_certificate     /etc/ssl/${first}.crt;
    ssl_certificate_key /etc/ssl/${first}.key;
    client_max_body_size 0;

    location / {
        proxy_pass http://plimsoll_edge;
        proxy_http_version 1.1;
        proxy_set_header Host $host;
        proxy_set_header X-Forwarded-For $remote_addr;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $plimsoll_connection;
        proxy_buffering off;
        proxy_request_buffering off;
        proxy_read_timeout 1h;
        proxy_send_timeout 1h;
    }
}
`
}
