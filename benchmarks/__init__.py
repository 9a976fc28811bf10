"""What we promise about speed, each with its conditions. Every figure is printed beside a yardstick of the same run."""
