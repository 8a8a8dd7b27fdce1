"""What a person has to mend before a deployment goes on. Must not know how the message is shown."""


class WrongUse(Exception):
    """What was asked for can't be done as it was asked; the message says why."""


class DeploymentStopped(Exception):
    """A command failed or something is missing; the message says what, and how to go on."""
