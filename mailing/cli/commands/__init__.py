"""The commands: their options, their help, and what they call. One file each, named as the command is."""
