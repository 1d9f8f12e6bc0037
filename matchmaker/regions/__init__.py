"""The province, its prefectures and counties, and everywhere else."""
