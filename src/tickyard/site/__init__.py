"""What a person's browser talks to, apart from the exchange's API: an ordinary ASGI application in a process of its own.

The gateway passes on what is not the API's. Slices contribute `SiteRoute`s as they contribute `Route`s to the gateway;
`app` puts the rules around them that hold for all: same origin, JSON only, closed shapes, no inline code.
"""
