"""What is doubtful in a district's data: one small function a finding, in whole numbers, naming nobody."""
