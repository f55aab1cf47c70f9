"""The admin with something in it: a scene played through the services, and the browser that looks at it."""
