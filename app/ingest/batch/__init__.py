"""Many articles at once: read, extracted by several processes, stored in their order by one."""
