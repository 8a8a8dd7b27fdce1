"""The drill of a restore: lives are lived and backed up meanwhile, lost, restored, and every answer is the model's."""
