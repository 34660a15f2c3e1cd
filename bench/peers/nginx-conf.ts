export interface NginxWay {
  /** What follows `listen`. */
  readonly listen: string
  /** `host:port`. */
  readonly upstream: string
}

export interface NginxPlan {
  /** Where its files go. */
  readonly directory: string
  readonly ways: readonly NginxWay[]
  /** The address of a DNS server that is asked again every second; without one, a name is looked up once and connections are kept. */
  readonly resolver?: string
}

/** As the documentation sets up a proxy for an app with streams and sockets: nothing is held back, and upgrades pass. */
export function nginxConf({ directory, ways, resolver }: NginxPlan): string {
  return `daemon off; worker_processes auto; pid ${directory}/pid; error_log ${directory}/error.log warn;
events { worker_connections 4096; }
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${directory}/${name};`).join(' ')}
  map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
  ${resolver === undefined ? '' : `resolver ${resolver} valid=1s ipv6=off;`}
${ways.map(({ listen, upstream }, index) => `  ${resolver === undefined ? `upstream u${index} { server ${upstream}; keepalive 64; }` : ''}
  server {
    listen ${listen};
    location / {
      ${resolver === undefined ? `proxy_pass http://u${index};` : `set $upstream ${upstream}; proxy_pass http://$upstream;`}
      proxy_http_version 1.1;
      proxy_buffering off;
      proxy_request_buffering off;
      proxy_set_header Host $http_host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }
  }
`).join('')}}
`
}
